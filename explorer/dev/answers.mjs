/**
 * Makes src/questions.gen.ts: each GraphQL question of src/questions with the type of its answer.
 *
 * `node dev/answers.mjs --write` writes it; without, it says whether the file is what it should be.
 * The types come from the schema alone, so a change of the API is a type error here, not a blank page.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  print,
  typeFromAST,
  validate,
} from "graphql";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export const TARGET = here("../src/questions.gen.ts");
export const SCHEMA = here("../../api/schema.graphql");

const SCALARS = {
  ID: "string",
  String: "string",
  Int: "number",
  Float: "number",
  Boolean: "boolean",
  JSON: "Json",
};

/** Read the text of all questions, in the order of their files' names. */
export function questions() {
  const folder = here("../src/questions/");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".graphql"))
    .sort()
    .map((name) => readFileSync(folder + name, "utf8"))
    .join("\n");
}

/** Generate the TypeScript of these questions under this schema; throws all faults at once. */
export function generate(schemaText, text) {
  const schema = buildSchema(schemaText);
  const document = parse(text, { noLocation: true });
  const faults = validate(schema, document);
  if (faults.length > 0)
    throw new Error(
      `the questions don't fit the schema:\n${faults.map((f) => f.message).join("\n")}`,
    );
  const fragments = document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION);
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operations.length === 0) throw new Error("expected questions in src/questions, found none");
  const out = [
    "// Made by `npm run types` from src/questions and the schema; change those, not this.",
    "",
    "export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };",
    "/** A question's text; the types say what it takes and what it answers. */",
    "export type Question<_Answer, _Variables> = string & { readonly __answer?: (v: _Variables) => _Answer };",
    "",
  ];
  for (const one of fragments) {
    const on = schema.getType(one.typeCondition.name.value);
    out.push(`export type ${one.name.value} = ${object(schema, on, one.selectionSet)};`, "");
  }
  for (const one of operations) {
    const name = one.name.value;
    const used = reachableFragments(one, fragments).map(print);
    const variables = (one.variableDefinitions ?? []).map((v) => {
      const type = typeFromAST(schema, v.type);
      return `${v.variable.name.value}${isNonNullType(type) ? "" : "?"}: ${input(type)}`;
    });
    out.push(
      `export type ${name}Answer = ${object(schema, schema.getQueryType(), one.selectionSet)};`,
      `export type ${name}Variables = ${variables.length > 0 ? `{ ${variables.join("; ")} }` : "Record<string, never>"};`,
      `export const ${name}: Question<${name}Answer, ${name}Variables> = ${JSON.stringify([print(one), ...used].join("\n").replace(/\s+/g, " "))};`,
      "",
    );
  }
  return out.join("\n");
}

function reachableFragments(operation, fragments) {
  const names = new Set();
  const walk = (set) => {
    for (const s of set?.selections ?? []) {
      if (s.kind === Kind.FRAGMENT_SPREAD && !names.has(s.name.value)) {
        names.add(s.name.value);
        walk(fragments.find((f) => f.name.value === s.name.value).selectionSet);
      } else walk(s.selectionSet);
    }
  };
  walk(operation.selectionSet);
  return fragments.filter((f) => names.has(f.name.value));
}

function object(schema, type, set) {
  const parts = [];
  const fields = [];
  for (const s of set.selections) {
    if (s.kind === Kind.FRAGMENT_SPREAD) parts.push(s.name.value);
    else {
      const field = type.getFields()[s.name.value];
      fields.push(
        `readonly ${(s.alias ?? s.name).value}: ${output(schema, field.type, s.selectionSet)}`,
      );
    }
  }
  if (fields.length > 0 || parts.length === 0) parts.push(`{ ${fields.join("; ")} }`);
  return parts.join(" & ");
}

function output(schema, type, set) {
  if (!isNonNullType(type)) return `${bare(schema, type, set)} | null`;
  return bare(schema, type.ofType, set);
}

function bare(schema, type, set) {
  if (isListType(type)) return `readonly (${output(schema, type.ofType, set)})[]`;
  return set ? object(schema, getNamedType(type), set) : leaf(type);
}

function leaf(type) {
  if (isEnumType(type))
    return type
      .getValues()
      .map((v) => JSON.stringify(v.name))
      .join(" | ");
  return SCALARS[type.name] ?? "unknown";
}

function input(type) {
  if (isNonNullType(type)) return input(type.ofType).replace(/ \| null$/, "");
  if (isListType(type)) return `readonly (${input(type.ofType)})[] | null`;
  return `${leaf(type)} | null`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = generate(readFileSync(SCHEMA, "utf8"), questions());
  if (process.argv.includes("--write")) writeFileSync(TARGET, wanted);
  else if (readFileSync(TARGET, "utf8") !== wanted) {
    console.error(`${TARGET} is not what the questions and the schema make; run: npm run types`);
    process.exit(1);
  }
}
