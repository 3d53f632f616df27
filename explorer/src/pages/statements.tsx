/** Page of the latest statements of people and AIs, newest first. */

import { MAX_COUNT, PAGE } from "../address";
import { useAnswer } from "../api";
import { Statements } from "../parts/statements";
import { Empty, When } from "../parts/states";
import { PageTitle } from "../parts/title";
import { Latest } from "../questions.gen";
import { useRouter } from "../router";

export function LatestStatements() {
  const { place, go } = useRouter();
  const answer = useAnswer(Latest, { first: place.count, after: null });
  const next = Math.min(MAX_COUNT, place.count + 2 * PAGE);
  return (
    <>
      <PageTitle window="Latest statements" class="small">
        Latest statements
      </PageTitle>
      <p>
        The signed statements of this log that are in the graph, newest first, without those of
        ingest runs. Records of sources are not listed.
      </p>
      <When of={answer} what="statements">
        {({ statements }) => (
          <>
            {statements.edges.length === 0 ? (
              <Empty>
                {statements.pageInfo.hasNextPage
                  ? "There are no statements of people and AIs among the latest bundles of the log."
                  : "There are no statements here yet."}
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
