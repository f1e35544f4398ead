"use client";

import {
  Alert,
  Button,
  Checkbox,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import type { MigPlan, RunAction } from "@drover/crds";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { errorSentence } from "../../shared/api/client.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { useStartMigration } from "./plan-queries.ts";

type Text = {
  readonly title: string;
  readonly button: string;
  readonly effects: (from: string, to: string) => readonly string[];
};

const texts: Readonly<Record<RunAction, Text>> = {
  stage: {
    title: "Stage",
    button: "Stage",
    effects: (from, to) => [
      `On ${from}: applications keep running; their volumes are read.`,
      `On ${to}: volumes are created and filled. No application is started.`,
      "A later stage or cutover then copies only what has changed since.",
    ],
  },
  cutover: {
    title: "Cut over",
    button: "Cut over",
    effects: (from, to) => [
      `On ${from}: applications are stopped, so that nothing is written during the last copy.`,
      `On ${to}: volumes are copied for the last time and compared; then the applications are created and started.`,
      "You can roll back afterwards: what was moved is removed and the applications start again where they were.",
    ],
  },
  rollback: {
    title: "Roll back",
    button: "Roll back",
    effects: (from, to) => [
      `On ${to}: everything this plan created is removed, volumes with their data included.`,
      `On ${from}: applications are started again with the replicas they had.`,
      "What was written on the target since the cutover is lost.",
    ],
  },
};

type Props = { readonly plan: MigPlan; readonly action: RunAction; readonly onClose: () => void };

/** Says what a run will do on which cluster, then starts it and shows it. */
export function RunDialog({ plan, action, onClose }: Props) {
  const router = useRouter();
  const { notify } = useNotifications();
  const name = plan.metadata.name ?? "";
  const start = useStartMigration(name);
  const [quiescePods, setQuiescePods] = useState(true);
  const { title, button, effects } = texts[action];
  const from = plan.spec.srcMigClusterRef?.name ?? "the source";
  const to = plan.spec.destMigClusterRef?.name ?? "the target";
  const run = () => {
    start.mutate(
      { action, quiescePods, keepAnnotations: false, verify: true },
      {
        onSuccess: ({ metadata }) => {
          notify("info", `${title} of ${name} started`);
          router.push(`/plans/${name}/migrations/${metadata.name ?? ""}`);
        },
      },
    );
  };
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="run-title">
      <ModalHeader
        title={`${title} ${name}`}
        labelId="run-title"
        {...(action === "rollback" && { titleIconVariant: "warning" })}
      />
      <ModalBody>
        <List>
          {effects(from, to).map((effect) => (
            <ListItem key={effect}>{effect}</ListItem>
          ))}
        </List>
        {action === "cutover" && (
          <Checkbox
            id="quiesce"
            label="Halt transactions on the source"
            description="Without it applications go on writing while the last copy is made, and what they write then is not moved."
            isChecked={quiescePods}
            onChange={(_event, checked) => {
              setQuiescePods(checked);
            }}
          />
        )}
        {start.isError && (
          <Alert isInline component="p" variant="danger" title={errorSentence(start.error)} />
        )}
      </ModalBody>
      <ModalFooter>
        <Button
          variant={action === "rollback" ? "danger" : "primary"}
          isLoading={start.isPending}
          isDisabled={start.isPending}
          onClick={run}
        >
          {button}
        </Button>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
