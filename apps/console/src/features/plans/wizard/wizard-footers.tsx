"use client";

import {
  ActionList,
  ActionListGroup,
  ActionListItem,
  Alert,
  Button,
  WizardFooterWrapper,
  useWizardContext,
} from "@patternfly/react-core";
import { useState } from "react";
import { errorSentence } from "../../../shared/api/client.ts";
import { usePermission } from "../../../shared/api/session.ts";
import { PermittedButton } from "../../../shared/ui/permitted-button.tsx";

type FooterProps = {
  readonly isNextAllowed: boolean;
  /** Done before the next step is shown; the step stays when it fails. */
  readonly onNext?: () => Promise<unknown>;
  readonly onCancel: () => void;
};

/** Next, Back and Cancel of a step that is still being filled in. */
export function StepFooter({ isNextAllowed, onNext, onCancel }: FooterProps) {
  const { activeStep, goToNextStep, goToPrevStep } = useWizardContext();
  const verdict = usePermission("plans.write");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const next = async () => {
    setIsBusy(true);
    setFailure(undefined);
    try {
      await onNext?.();
      await goToNextStep();
    } catch (error) {
      setFailure(errorSentence(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <WizardFooterWrapper>
      {failure !== undefined && (
        <Alert isInline component="p" isPlain variant="danger" title={failure} />
      )}
      <ActionList>
        <ActionListGroup>
          <ActionListItem>
            <Button
              variant="secondary"
              isDisabled={activeStep.index === 1 || isBusy}
              onClick={() => void goToPrevStep()}
            >
              Back
            </Button>
          </ActionListItem>
          <ActionListItem>
            <PermittedButton
              verdict={
                isNextAllowed ? verdict : { allowed: false, reason: "Fill in this step first." }
              }
              isLoading={isBusy}
              onClick={() => void next()}
            >
              Next
            </PermittedButton>
          </ActionListItem>
        </ActionListGroup>
        <ActionListGroup>
          <ActionListItem>
            <Button variant="link" onClick={onCancel}>
              Cancel
            </Button>
          </ActionListItem>
        </ActionListGroup>
      </ActionList>
    </WizardFooterWrapper>
  );
}

/** Close and Back of the last step. */
export function ResultsFooter({ onClose }: { readonly onClose: () => void }) {
  const { goToPrevStep } = useWizardContext();
  return (
    <WizardFooterWrapper>
      <ActionList>
        <ActionListGroup>
          <ActionListItem>
            <Button variant="secondary" onClick={() => void goToPrevStep()}>
              Back
            </Button>
          </ActionListItem>
          <ActionListItem>
            <Button onClick={onClose}>Close</Button>
          </ActionListItem>
        </ActionListGroup>
      </ActionList>
    </WizardFooterWrapper>
  );
}
