"use client";

import {
  Bullseye,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Spinner,
} from "@patternfly/react-core";
import type { Session } from "@drover/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { SessionContext, sessionQuery, signInPath } from "../api/session.ts";
import { LoadFailure } from "../ui/async-view.tsx";
import { Logo } from "./logo.tsx";

const signIn = () => {
  globalThis.location.assign(signInPath());
};

function SignInPage() {
  return (
    <Bullseye>
      <EmptyState headingLevel="h1" titleText="Drover" icon={Logo}>
        <EmptyStateBody>
          Move stateful applications between clusters, prove every copy, and go back at any moment.
          Sign in with your account on the host cluster.
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="primary" size="lg" onClick={signIn}>
              Sign in
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </Bullseye>
  );
}

function SignedOutDialog() {
  return (
    <Modal variant="small" isOpen aria-labelledby="signed-out">
      <ModalHeader title="You have been signed out" labelId="signed-out" titleIconVariant="info" />
      <ModalBody>
        Your session ended. This page stays as it was; sign in again to go on where you are.
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={signIn}>
          Sign in
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** Shows the console to a signed-in person, and the way in to everyone else. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const query = useQuery(sessionQuery);
  const [last, setLast] = useState<Session>();
  // Kept while rendering, so that a page never shows without the person it was shown to.
  if (query.data && query.data !== last) setLast(query.data);

  const session = query.data ?? last;
  if (session !== undefined)
    return (
      <SessionContext value={session}>
        {children}
        {query.data === null && <SignedOutDialog />}
      </SessionContext>
    );
  if (query.data === null) return <SignInPage />;
  if (query.isPending)
    return (
      <Bullseye>
        <Spinner aria-label="Loading Drover" />
      </Bullseye>
    );
  return <LoadFailure title="Drover" error={query.error} onRetry={() => void query.refetch()} />;
}
