"use client";

import type { PermissionVerdict } from "@drover/contract";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { RowMenu } from "./row-menu.tsx";

type Props = {
  readonly name: string;
  readonly editHref: string;
  /** Whether the person may change such things at all. */
  readonly verdict: PermissionVerdict;
  /** Why this one cannot be changed or removed. */
  readonly editRefused?: string | undefined;
  readonly removeRefused: string | undefined;
  /** The question before removing; closed by calling what it is given. */
  readonly removeDialog: (onClose: () => void) => ReactNode;
};

/** The menu of a row that can be edited and removed, with the question before removing. */
export function EditRemoveMenu(props: Props) {
  const { name, editHref, verdict, editRefused, removeRefused, removeDialog } = props;
  const router = useRouter();
  const [isRemoving, setIsRemoving] = useState(false);
  return (
    <>
      <RowMenu
        label={`Actions for ${name}`}
        actions={[
          {
            title: "Edit",
            refused: verdict.reason ?? editRefused,
            onClick: () => {
              router.push(editHref);
            },
          },
          {
            title: "Remove",
            isDanger: true,
            refused: verdict.reason ?? removeRefused,
            onClick: () => {
              setIsRemoving(true);
            },
          },
        ]}
      />
      {isRemoving &&
        removeDialog(() => {
          setIsRemoving(false);
        })}
    </>
  );
}
