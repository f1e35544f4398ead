"use client";

import {
  ActionList,
  ActionListGroup,
  ActionListItem,
  Alert,
  Button,
  PageSection,
  Wizard,
  WizardFooterWrapper,
  WizardStep,
  useWizardContext,
} from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import { errorSentence } from "../../../shared/api/client.ts";
import { resourceQuery } from "../../../shared/api/resources.ts";
import { usePermission } from "../../../shared/api/session.ts";
import { useNotifications } from "../../../shared/notifications.tsx";
import { PageHeader } from "../../../shared/ui/page-header.tsx";
import { PermittedButton } from "../../../shared/ui/permitted-button.tsx";
import { useCreatePlan, useUpdatePlan } from "../plan-queries.ts";
import { forgetDraft, usePlanDraft } from "./draft-store.ts";
import { GeneralStep, isGeneralComplete } from "./general-step.tsx";
import { NamespacesStep, isNamespacesComplete } from "./namespaces-step.tsx";
import { OptionsStep } from "./options-step.tsx";
import { ResultsStep } from "./results-step.tsx";
import { VolumesStep, isDiscovered } from "./volumes-step.tsx";
import { createBody, updateBody } from "./wizard-state.ts";

type FooterProps = {
  readonly isNextAllowed: boolean;
  /** Done before the next step is shown; the step stays when it fails. */
  readonly onNext?: () => Promise<unknown>;
  readonly onCancel: () => void;
};

function Footer({ isNextAllowed, onNext, onCancel }: FooterProps) {
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
      {failure !== undefined && <Alert isInline isPlain variant="danger" title={failure} />}
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

function ResultsFooter({ onClose }: { readonly onClose: () => void }) {
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

/** Makes a plan for a full migration, step by step. The plan exists on the cluster from the volumes step on. */
export function PlanWizard() {
  const router = useRouter();
  const { notify } = useNotifications();
  const [draft, onChange] = usePlanDraft();
  const plans = useQuery(resourceQuery("migplans"));
  const plan = plans.data?.find(({ metadata }) => metadata.name === draft.name && draft.isCreated);
  const create = useCreatePlan();
  const update = useUpdatePlan(draft.name);

  const savePlan = async () => {
    if (draft.isCreated) {
      const { storage, namespaces } = draft;
      await update.mutateAsync({ storage, namespaces: [...namespaces] });
      return;
    }
    await create.mutateAsync(createBody(draft));
    onChange({ change: "set", values: { isCreated: true } });
  };
  const saveChoices = async () => {
    if (plan !== undefined) await update.mutateAsync(updateBody(draft, plan));
  };
  const leave = (to: string) => {
    if (draft.isCreated)
      notify(
        "info",
        `Plan ${draft.name} was saved as it is`,
        "You can find it under Migration plans.",
      );
    forgetDraft();
    router.push(to);
  };
  const footer = (isNextAllowed: boolean, onNext?: () => Promise<unknown>) => (
    <Footer
      isNextAllowed={isNextAllowed}
      {...(onNext !== undefined && { onNext })}
      onCancel={() => {
        leave("/plans");
      }}
    />
  );
  const step = (id: string, name: string, content: ReactNode, stepFooter: React.ReactElement) => (
    <WizardStep key={id} id={id} name={name} footer={stepFooter}>
      {content}
    </WizardStep>
  );
  return (
    <>
      <PageHeader
        title="Create a migration plan"
        here="Create"
        trail={[{ title: "Migration plans", href: "/plans" }]}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <Wizard isVisitRequired navAriaLabel="Steps of the plan" height="100%">
          {step(
            "general",
            "General",
            <GeneralStep draft={draft} onChange={onChange} />,
            footer(isGeneralComplete(draft, plans.data ?? [])),
          )}
          {step(
            "namespaces",
            "Namespaces",
            <NamespacesStep draft={draft} onChange={onChange} />,
            footer(isNamespacesComplete(draft), savePlan),
          )}
          {step(
            "volumes",
            "Persistent volumes",
            <VolumesStep draft={draft} plan={plan} onChange={onChange} />,
            footer(isDiscovered(plan)),
          )}
          {step(
            "options",
            "Migration options",
            <OptionsStep draft={draft} onChange={onChange} />,
            footer(true, saveChoices),
          )}
          {step(
            "results",
            "Results",
            <ResultsStep plan={plan} isSaving={update.isPending} failure={undefined} />,
            <ResultsFooter
              onClose={() => {
                forgetDraft();
                router.push(`/plans/${draft.name}`);
              }}
            />,
          )}
        </Wizard>
      </PageSection>
    </>
  );
}
