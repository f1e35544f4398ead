"use client";

import {
  Alert,
  Button,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import { useState } from "react";
import { errorSentence } from "../../shared/api/client.ts";
import { usePermission } from "../../shared/api/session.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";
import { useCancelMigration } from "./migration-queries.ts";
import type { MigrationView } from "../../shared/migration/migration-view.ts";

/** Stops a run that is not over, after saying what that means. */
export function CancelButton({ view }: { readonly view: MigrationView }) {
  const verdict = usePermission("migrations.write");
  const { notify } = useNotifications();
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useCancelMigration(view.name);
  if (view.run.isOver) return null;
  const isCanceling = view.run.state === "canceling";
  const close = () => {
    setIsAsking(false);
  };
  return (
    <>
      <PermittedButton
        variant="secondary"
        isDanger
        verdict={
          isCanceling ? { allowed: false, reason: "The migration is being canceled." } : verdict
        }
        onClick={() => {
          setIsAsking(true);
        }}
      >
        Cancel migration
      </PermittedButton>
      {isAsking && (
        <Modal variant="small" isOpen onClose={close} aria-labelledby="cancel-title">
          <ModalHeader
            title={`Cancel ${view.name}?`}
            labelId="cancel-title"
            titleIconVariant="warning"
          />
          <ModalBody>
            <List>
              <ListItem>
                Copying stops. What was copied stays on the target, so that a later run is quicker.
              </ListItem>
              <ListItem>Applications that were stopped on the source are started again.</ListItem>
              <ListItem>
                Transfer pods, backups and restores of this run are removed from both clusters.
              </ListItem>
            </List>
            {cancel.isError && (
              <Alert isInline component="p" variant="danger" title={errorSentence(cancel.error)} />
            )}
          </ModalBody>
          <ModalFooter>
            <Button
              variant="danger"
              isLoading={cancel.isPending}
              isDisabled={cancel.isPending}
              onClick={() => {
                cancel.mutate(undefined, {
                  onSuccess: () => {
                    notify("info", `Canceling ${view.name}`);
                    close();
                  },
                });
              }}
            >
              Cancel migration
            </Button>
            <Button variant="link" onClick={close}>
              Let it run
            </Button>
          </ModalFooter>
        </Modal>
      )}
    </>
  );
}
