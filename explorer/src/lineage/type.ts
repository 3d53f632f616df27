/** Width of text in the boxes' type, measured by the browser. */

import type { Measure } from "./wrap";

export const BOX_FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const FALLBACK_WIDTH = 7;

let measure: Measure | null = null;

export function measureText(): Measure {
  if (measure === null) {
    const pen = document.createElement("canvas").getContext("2d");
    if (pen) pen.font = BOX_FONT;
    measure = (text) => (pen ? pen.measureText(text).width : text.length * FALLBACK_WIDTH);
  }
  return measure;
}
