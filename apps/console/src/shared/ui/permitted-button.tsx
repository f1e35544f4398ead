"use client";

import type { PermissionVerdict } from "@drover/contract";
import { Button, Tooltip, type ButtonProps } from "@patternfly/react-core";

type Props = Omit<ButtonProps, "isDisabled" | "isAriaDisabled"> & {
  /** Allowed, or the sentence that says why not. */
  readonly verdict: PermissionVerdict;
};

/** A button that, when it cannot be used, stays reachable and says why. */
export function PermittedButton({ verdict, children, ...button }: Props) {
  if (verdict.allowed) return <Button {...button}>{children}</Button>;
  return (
    <Tooltip content={verdict.reason ?? "You are not allowed to do this."}>
      <Button {...button} isAriaDisabled>
        {children}
      </Button>
    </Tooltip>
  );
}
