"use client";

import {
  Alert,
  Button,
  ClipboardCopy,
  ProgressStep,
  ProgressStepper,
  Stack,
  StackItem,
} from "@patternfly/react-core";
import type { CheckStep, ConnectionCheck } from "@drover/contract";

const variants = { passed: "success", failed: "danger", skipped: "pending" } as const;

type Props = {
  readonly check: ConnectionCheck;
  /** Takes the certificate the server showed as the one to trust. */
  readonly onTrust: (pem: string) => void;
};

const described = ({ state, detail }: CheckStep) =>
  detail ?? (state === "skipped" ? "Not tried." : "");

/** What a connection check found, step by step, and for an unknown certificate the way to trust it. */
export function ConnectionSteps({ check, onTrust }: Props) {
  const { certificate } = check;
  return (
    <Stack hasGutter aria-live="polite">
      <StackItem>
        <ProgressStepper isVertical aria-label="Connection check">
          {check.steps.map((step) => (
            <ProgressStep
              key={step.id}
              id={`check-${step.id}`}
              titleId={`check-${step.id}-title`}
              variant={variants[step.state]}
              description={described(step)}
              aria-label={`${step.title}: ${step.state}`}
            >
              {step.title}
            </ProgressStep>
          ))}
        </ProgressStepper>
      </StackItem>
      {certificate !== undefined && (
        <StackItem>
          <Alert
            isInline
            component="p"
            variant="warning"
            title="The server showed a certificate that is not trusted yet"
            actionLinks={
              <Button
                variant="link"
                isInline
                onClick={() => {
                  onTrust(certificate.pem);
                }}
              >
                The fingerprint is right: use this CA
              </Button>
            }
          >
            <p>
              {certificate.subject}, issued by {certificate.issuer}, valid until{" "}
              {certificate.validTo}. Compare this SHA-256 fingerprint with the one the
              cluster&apos;s administrator gives you:
            </p>
            <ClipboardCopy isReadOnly isCode hoverTip="Copy" clickTip="Copied">
              {certificate.fingerprint}
            </ClipboardCopy>
          </Alert>
        </StackItem>
      )}
    </Stack>
  );
}
