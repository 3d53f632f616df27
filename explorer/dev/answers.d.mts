export const TARGET: string;
export const SCHEMA: string;
export function questions(): string;
export function generate(schemaText: string, text: string): string;
