/** A thing that a text refers to by its id: its name as a link, the id itself until that is known. */

import { useAnswer } from "../api";
import { Label } from "../questions.gen";
import { Title } from "./thing";

export function Reference({ id }: { readonly id: string }) {
  const found = useAnswer(Label, { id });
  const node = found.state === "here" ? found.answer.node : null;
  return <Title of={node ?? { id, title: id }} />;
}
