/** Line breaks of a text in a box, and its direction of writing. Pure. */

export type Measure = (text: string) => number;

/** Break a text into at most `maxLines` lines of at most `width`; an ellipsis marks text left out. */
export function wrap(
  text: string,
  width: number,
  maxLines: number,
  measure: Measure,
): readonly string[] {
  const words = text.trim().split(/\s+/);
  const lines: string[] = [];
  let line = "";
  let k = 0;
  while (k < words.length && lines.length < maxLines) {
    const word = words[k] ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      k += 1;
    } else if (line !== "") {
      lines.push(line);
      line = "";
    } else {
      const head = longestStart(word, width, measure);
      words[k] = word.slice(head.length);
      lines.push(head);
    }
  }
  if (line !== "" && lines.length < maxLines) lines.push(line);
  else if (k < words.length || line !== "") shorten(lines, width, measure);
  return lines;
}

function shorten(lines: string[], width: number, measure: Measure): void {
  const last = lines.pop() ?? "";
  const letters = Array.from(last);
  while (letters.length > 0 && measure(`${letters.join("")}…`) > width) letters.pop();
  lines.push(`${letters.join("").trimEnd()}…`);
}

/** Return the longest start of a word that fits, at least one letter. */
function longestStart(word: string, width: number, measure: Measure): string {
  const letters = Array.from(word);
  let n = 1;
  while (n < letters.length && measure(letters.slice(0, n + 1).join("")) <= width) n += 1;
  return letters.slice(0, n).join("");
}

const STRONG =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|(\p{L})/u;

/** Return whether a text runs from right to left: its first letter decides, as with `dir="auto"`. */
export function isRightToLeft(text: string): boolean {
  const match = STRONG.exec(text);
  return match !== null && match[1] === undefined;
}
