/** Runs the checks of a bundle and of the log in this browser, and says what came out of each. */

import { useEffect, useState } from "preact/hooks";
import type { Check } from "../log/check";
import { browserVerify } from "../log/ed25519";
import { askLog, forget, lastSeen, remember } from "../log/evidence";
import { logChecks } from "../log/pin";
import { browserDigest, bundleChecks, type Claim } from "../log/proof";
import { count, number } from "../words";

interface Found {
  readonly bundle: readonly Check[];
  /** `null` while they are still being made. */
  readonly log: readonly Check[] | null;
}

const CAN = browserDigest() !== null;

export function Verified({ of }: { readonly of: Claim }) {
  const [found, setFound] = useState<Found | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round checks again
  useEffect(() => {
    let here = true;
    setFound(null);
    checked(of, (now) => here && setFound(now));
    return () => {
      here = false;
    };
  }, [of, round]);
  const again = () => {
    forget();
    setRound((n) => n + 1);
  };
  const all = found === null ? [] : [...found.bundle, ...(found.log ?? [])];
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">Proof</h2>
      <Verdict found={found} size={of.proof.size} />
      {all.length > 0 ? <Checks of={all} /> : null}
      {found?.log?.some(isBroken) && lastSeen() !== null ? <Taken again={again} /> : null}
      <p class="aside">
        Leaf {number(of.proof.position)} of a log of {number(of.proof.size)}, with{" "}
        {count(of.proof.hashes.length, "hash", "hashes")} (RFC 6962). Whether others are shown the
        same log, they can tell you: compare the root with theirs. The code of this page comes from
        the same service; <code>colineage verify</code> on your own machine asks nobody.
      </p>
    </section>
  );
}

/** Makes the checks, and tells them as they come: a log that does not answer keeps nobody waiting. */
async function checked(claim: Claim, tell: (found: Found) => void): Promise<void> {
  const sha256 = browserDigest();
  if (sha256 === null) return;
  const tools = { sha256, verify: await browserVerify() };
  const bundle = await bundleChecks(claim, tools);
  tell({ bundle, log: null });
  // Read before anything is asked: what another page sees meanwhile is no rollback here.
  const before = lastSeen();
  const { checks, seen } = await logChecks(askLog, claim.proof, before, tools, timeNow());
  if (seen !== null && !bundle.some(isBroken) && !remember(seen)) {
    tell({ bundle, log: [...checks, FORGETFUL] });
  } else tell({ bundle, log: checks });
}

const FORGETFUL: Check = {
  what: "This browser remembers what it saw",
  holds: null,
  detail: "It keeps nothing for this page, so a log that goes back would not be noticed here.",
};

function isBroken(one: Check): boolean {
  return one.holds === false;
}

function timeNow(): string {
  return new Date().toISOString().replace(/\.\d+/, "");
}

function Verdict({ found, size }: { readonly found: Found | null; readonly size: number }) {
  if (!CAN) {
    return (
      <p class="proof unknown" role="status">
        Not checked: this browser computes hashes only on https or localhost pages.
      </p>
    );
  }
  if (found?.bundle.some(isBroken)) {
    return (
      <p class="proof fail" role="alert">
        Does not verify: what was served contradicts its own proof.
      </p>
    );
  }
  const broken = found?.log?.find(isBroken);
  if (broken) {
    return (
      <p class="proof fail" role="alert">
        Refused. {broken.detail} Don’t rely on what this service shows.
      </p>
    );
  }
  if (!found?.log) {
    return (
      <p class="proof" role="status">
        Checking in this browser…
      </p>
    );
  }
  const unchecked = [...found.bundle, ...found.log].filter((one) => one.holds === null).length;
  return (
    <p class="proof pass" role="status">
      Verified in this browser: this bundle is in the log of {number(size)}.
      {unchecked > 0 ? ` ${count(unchecked, "line", "lines")} below could not be checked.` : ""}
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
            {holds === null ? "not checked" : holds ? "holds" : "does not hold"}
          </span>{" "}
          {what}
          <code class="detail">{detail}</code>
        </li>
      ))}
    </ul>
  );
}

/** The way out where another log is here on purpose. */
function Taken({ again }: { readonly again: () => void }) {
  return (
    <div class="failure">
      <p>
        This browser remembers another state of the log at this address. If you know that another
        log was put here, let it forget the old one; nothing else does so.
      </p>
      <button type="button" onClick={again}>
        Forget what was seen, and take this log
      </button>
    </div>
  );
}
