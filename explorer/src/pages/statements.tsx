/** What people and AIs said, the newest first, as it came into the log. */

import { MAX_COUNT, PAGE } from "../address";
import { useAnswer } from "../api";
import { Statements } from "../parts/statements";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import { Latest } from "../questions.gen";
import { useGoing } from "../router";

export function SaidLately() {
  const { place, go } = useGoing();
  const found = useAnswer(Latest, { first: place.count, after: null });
  const next = Math.min(MAX_COUNT, place.count + 2 * PAGE);
  return (
    <>
      <PageTitle window="Said lately" class="small">
        Said lately
      </PageTitle>
      <p>
        The signed statements of this log that stand, the newest first. What sources served, and the
        runs that read it, are left out.
      </p>
      <When of={found} what="statements">
        {({ statements }) => (
          <>
            {statements.edges.length === 0 ? (
              <Empty>
                {statements.pageInfo.hasNextPage
                  ? "Nobody has said anything lately: all that came last are records."
                  : "Nobody has said anything here yet."}
              </Empty>
            ) : null}
            <Statements of={statements} long />
            {statements.pageInfo.hasNextPage && next > place.count ? (
              <button
                type="button"
                onClick={() => go({ ...place, count: next }, { replace: true })}
              >
                Show more
              </button>
            ) : null}
          </>
        )}
      </When>
    </>
  );
}
