/** Audit of a run: each check with its verdict, evidence and remedy. */

import { useAnswer } from "../api";
import { Empty, When } from "../parts/states";
import { Checks } from "../questions.gen";
import { NOT_RECORDED } from "../words";

const SIGNS: Readonly<Record<string, string>> = {
  pass: "✓",
  fail: "✗",
  unknown: "?",
  "not applicable": "–",
};

export function AuditView({ id }: { readonly id: string }) {
  const answer = useAnswer(Checks, { id });
  return (
    <section class="audit" aria-label="Audit">
      <p>
        Could this run be reproduced from what is recorded? What nobody recorded is unknown, and
        unknown is never a pass.
      </p>
      <When of={answer} what="the audit">
        {({ audit }) =>
          audit.checks.length === 0 ? (
            <Empty>There is nothing to check here.</Empty>
          ) : (
            <div class="wide-table">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Check</th>
                    <th scope="col">Verdict</th>
                    <th scope="col">Evidence</th>
                    <th scope="col">Remedy</th>
                  </tr>
                </thead>
                <tbody>
                  {audit.checks.map((check) => (
                    <tr key={check.name}>
                      <th scope="row">{check.name}</th>
                      <td>
                        <span class={`verdict ${check.verdict.replaceAll(" ", "-")}`}>
                          <span aria-hidden="true">{SIGNS[check.verdict] ?? "·"}</span>{" "}
                          {check.verdict}
                        </span>
                      </td>
                      <td>{check.evidence || NOT_RECORDED}</td>
                      <td>
                        {check.remedy ?? (check.verdict === "pass" ? "none needed" : NOT_RECORDED)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </When>
    </section>
  );
}
