export const TARGET: string;
export const SCHEMA: string;
export function questions(): string;
export function generated(schemaText: string, text: string): string;
