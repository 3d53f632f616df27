/** The audit of a run: each check with its verdict, its evidence and what would remedy it. */

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
  const found = useAnswer(Checks, { id });
  return (
    <section class="audit" aria-label="Audit">
      <p>
        Can this run be traced and repeated? What nobody recorded is unknown, and unknown is no
        pass.
      </p>
      <When of={found} what="the audit">
        {({ audit }) =>
          audit.checks.length === 0 ? (
            <Empty>There is nothing to check about this.</Empty>
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
                  {audit.checks.map((one) => (
                    <tr key={one.name}>
                      <th scope="row">{one.name}</th>
                      <td>
                        <span class={`verdict ${one.verdict.replaceAll(" ", "-")}`}>
                          <span aria-hidden="true">{SIGNS[one.verdict] ?? "·"}</span> {one.verdict}
                        </span>
                      </td>
                      <td>{one.evidence || NOT_RECORDED}</td>
                      <td>
                        {one.remedy ?? (one.verdict === "pass" ? "none needed" : NOT_RECORDED)}
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
