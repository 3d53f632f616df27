/** Verification of a bundle and of the log in this browser: the checks and their results. */

import { useEffect, useState } from "preact/hooks";
import type { Check } from "../log/check";
import { browserVerify } from "../log/ed25519";
import { askLog, forget, lastCheckpoint, remember } from "../log/evidence";
import { logChecks } from "../log/pin";
import { bundleChecks, type Claim } from "../log/proof";
import { browserDigest } from "../log/sha256";
import { count, number } from "../words";

interface CheckResults {
  readonly bundle: readonly Check[];
  /** Checks of the log; `null` while they are running. */
  readonly log: readonly Check[] | null;
}

const CAN_HASH = browserDigest() !== null;

export function Verification({ of }: { readonly of: Claim }) {
  const [results, setResults] = useState<CheckResults | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round checks again
  useEffect(() => {
    let isMounted = true;
    setResults(null);
    runChecks(of, (latest) => isMounted && setResults(latest));
    return () => {
      isMounted = false;
    };
  }, [of, round]);
  const again = () => {
    forget();
    setRound((n) => n + 1);
  };
  const all = results === null ? [] : [...results.bundle, ...(results.log ?? [])];
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">Proof</h2>
      <Verdict results={results} size={of.proof.size} />
      {all.length > 0 ? <Checks of={all} /> : null}
      {results?.log?.some(isFailed) && lastCheckpoint() !== null ? (
        <ForgetButton again={again} />
      ) : null}
      <p class="aside">
        Leaf {number(of.proof.position)} of a log of {number(of.proof.size)}, with{" "}
        {count(of.proof.hashes.length, "hash", "hashes")} (RFC 6962). To learn whether others are
        shown the same log, compare its root with theirs. The code of this page comes from the same
        service; <code>colineage verify</code> on your own machine relies on nobody.
      </p>
    </section>
  );
}

/** Run the checks and report results as they come: those of the bundle don't wait for the log. */
async function runChecks(claim: Claim, report: (results: CheckResults) => void): Promise<void> {
  const sha256 = browserDigest();
  if (sha256 === null) return;
  const tools = { sha256, verify: await browserVerify() };
  const bundle = await bundleChecks(claim, tools);
  report({ bundle, log: null });
  // Read before anything is asked: a later checkpoint that another page sees meanwhile is no rollback.
  const before = lastCheckpoint();
  const { checks, seen } = await logChecks(askLog, claim.proof, before, tools, timeNow());
  if (seen !== null && !bundle.some(isFailed) && !remember(seen)) {
    report({ bundle, log: [...checks, NO_STORAGE] });
  } else report({ bundle, log: checks });
}

const NO_STORAGE: Check = {
  what: "This browser remembers the log",
  holds: null,
  detail: "It stores nothing for this page, so a log that is rolled back would not be noticed.",
};

function isFailed(check: Check): boolean {
  return check.holds === false;
}

function timeNow(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}

interface VerdictProps {
  readonly results: CheckResults | null;
  readonly size: number;
}

function Verdict({ results, size }: VerdictProps) {
  if (!CAN_HASH) {
    return (
      <p class="proof unknown" role="status">
        Not checked: this browser computes hashes only on https or localhost pages.
      </p>
    );
  }
  if (results?.bundle.some(isFailed)) {
    return (
      <p class="proof fail" role="alert">
        Does not verify: what was served contradicts its own proof.
      </p>
    );
  }
  const failure = results?.log?.find(isFailed);
  if (failure) {
    return (
      <p class="proof fail" role="alert">
        Refused. {failure.detail} Don’t rely on what this service shows.
      </p>
    );
  }
  if (!results?.log) {
    return (
      <p class="proof" role="status">
        Verifying in this browser…
      </p>
    );
  }
  const unchecked = [...results.bundle, ...results.log].filter(
    ({ holds }) => holds === null,
  ).length;
  return (
    <p class="proof pass" role="status">
      Verified in this browser: this bundle is in the log of {count(size, "bundle", "bundles")}.
      {unchecked > 0 ? ` ${count(unchecked, "check", "checks")} below could not be made.` : ""}
    </p>
  );
}

function Checks({ of }: { readonly of: readonly Check[] }) {
  return (
    <ul class="checks">
      {of.map(({ what, holds, detail }) => (
        <li key={what}>
          <span class={`verdict ${holds === null ? "unknown" : holds ? "pass" : "fail"}`}>
            <span aria-hidden="true">{holds === null ? "?" : holds ? "✓" : "✗"}</span>{" "}
            {holds === null ? "not checked" : holds ? "passed" : "failed"}
          </span>{" "}
          {what}
          <code class="detail">{detail}</code>
        </li>
      ))}
    </ul>
  );
}

/** Button to accept a log that replaced the remembered one on purpose. */
function ForgetButton({ again }: { readonly again: () => void }) {
  return (
    <div class="failure">
      <p>
        This browser remembers another state of the log at this address. Only if you know that the
        log was replaced on purpose, let the browser forget the old one.
      </p>
      <button type="button" onClick={again}>
        Forget the old log and accept this one
      </button>
    </div>
  );
}
