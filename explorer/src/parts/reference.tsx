/** Link to a thing that a text refers to by its id: its title, or the id until the title is loaded. */

import { useAnswer } from "../api";
import { Label } from "../questions.gen";
import { Title } from "./thing";

export function Reference({ id }: { readonly id: string }) {
  const label = useAnswer(Label, { id });
  const node = label.state === "here" ? label.answer.node : null;
  return <Title of={node ?? { id, title: id }} />;
}
