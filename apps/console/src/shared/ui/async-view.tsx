"use client";

import {
  Button,
  ClipboardCopy,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from "@patternfly/react-core";
import { ExclamationCircleIcon, LockIcon } from "@patternfly/react-icons";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { errorSentence, ProblemError } from "../api/client.ts";

type Props<T> = {
  readonly query: UseQueryResult<T>;
  /** What is being shown, as in "Migration plans". */
  readonly title: string;
  /** Skeleton in the shape of the final layout. */
  readonly loading: ReactNode;
  readonly children: (data: T) => ReactNode;
};

/** One question to the server with its faces: loading, not allowed, could not load, and the answer. */
export function AsyncView<T>({ query, title, loading, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isPending) return <>{loading}</>;
  return <LoadFailure title={title} error={query.error} onRetry={() => void query.refetch()} />;
}

type FailureProps = {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
};

/** Says what could not be shown and why, with a way to try again. */
export function LoadFailure({ title, error, onRetry }: FailureProps) {
  const forbidden = error instanceof ProblemError && error.code === "FORBIDDEN";
  return (
    <EmptyState
      headingLevel="h2"
      titleText={
        forbidden ? `You may not see ${title.toLowerCase()}` : `${title} could not be loaded`
      }
      icon={forbidden ? LockIcon : ExclamationCircleIcon}
      status={forbidden ? "info" : "danger"}
    >
      <EmptyStateBody>{errorSentence(error)}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="primary" onClick={onRetry}>
            Try again
          </Button>
        </EmptyStateActions>
        {error instanceof ProblemError && (
          <EmptyStateActions>
            <ClipboardCopy variant="inline-compact" isCode hoverTip="Copy the request id">
              {error.requestId}
            </ClipboardCopy>
          </EmptyStateActions>
        )}
      </EmptyStateFooter>
    </EmptyState>
  );
}
