"use client";

import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { errorSentence } from "../api/client.ts";

type Props = {
  readonly title: string;
  readonly action: string;
  readonly mutation: UseMutationResult<unknown, unknown, void>;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
  /** What will happen. */
  readonly children: ReactNode;
};

// What went wrong is in the mutation, and the dialog shows it.
const shownInDialog = () => undefined;

/** Asks before something is removed, does it, and stays open with the reason when it could not be done. */
export function DeleteDialog({ title, action, mutation, onRemoved, onClose, children }: Props) {
  const finish = () => {
    onRemoved();
    onClose();
  };
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="delete-title">
      <ModalHeader title={title} labelId="delete-title" titleIconVariant="warning" />
      <ModalBody>
        {children}
        {mutation.isError && (
          <Alert isInline component="p" variant="danger" title={errorSentence(mutation.error)} />
        )}
      </ModalBody>
      <ModalFooter>
        <Button
          variant="danger"
          isLoading={mutation.isPending}
          isDisabled={mutation.isPending}
          onClick={() => {
            // The row or page this stands on may be gone before the answer is here; the promise is not.
            mutation.mutateAsync().then(finish, shownInDialog);
          }}
        >
          {action}
        </Button>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
