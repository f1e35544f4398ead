"use client";

import type { RunAction } from "@drover/crds";
import { useState } from "react";
import { usePermission } from "../../shared/api/session.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { DeleteDialog } from "../../shared/ui/delete-dialog.tsx";
import { RowMenu } from "../../shared/ui/row-menu.tsx";
import { useDeletePlan } from "./plan-queries.ts";
import type { PlanView } from "./plan-view.ts";
import { RunDialog } from "./run-dialog.tsx";

type Props = { readonly view: PlanView; readonly onDeleted?: () => void };

/** The menu of a plan with the dialogs behind it. */
export function PlanActions({ view, onDeleted }: Props) {
  const { notify } = useNotifications();
  const runVerdict = usePermission("migrations.write");
  const planVerdict = usePermission("plans.write");
  const remove = useDeletePlan(view.name);
  const [dialog, setDialog] = useState<RunAction | "delete">();
  const close = () => {
    setDialog(undefined);
  };
  const run = (action: RunAction, title: string) => ({
    title,
    refused: runVerdict.reason ?? view.status.actions[action],
    onClick: () => {
      setDialog(action);
    },
  });
  return (
    <>
      <RowMenu
        label={`Actions for ${view.name}`}
        actions={[
          run("stage", "Stage"),
          run("cutover", "Cutover"),
          run("rollback", "Roll back"),
          {
            title: "Delete",
            isDanger: true,
            refused: planVerdict.reason ?? view.status.actions.delete,
            onClick: () => {
              setDialog("delete");
            },
          },
        ]}
      />
      {dialog === "delete" && (
        <DeleteDialog
          title={`Delete plan ${view.name}?`}
          action="Delete"
          mutation={remove}
          onRemoved={() => {
            notify("success", `Plan ${view.name} deleted`);
            onDeleted?.();
          }}
          onClose={close}
        >
          The plan and the record of its runs are removed. Applications and volumes stay as they
          are, on both clusters.
        </DeleteDialog>
      )}
      {dialog !== undefined && dialog !== "delete" && (
        <RunDialog plan={view.plan} action={dialog} onClose={close} />
      )}
    </>
  );
}
