"use client";

import { PageSection, Wizard, WizardStep } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { Dispatch } from "react";
import { resourceQuery } from "../../../shared/api/resources.ts";
import { useNotifications } from "../../../shared/notifications.tsx";
import { PageHeader } from "../../../shared/ui/page-header.tsx";
import { useCreatePlan, useUpdatePlan } from "../plan-queries.ts";
import { forgetDraft, usePlanDraft } from "./draft-store.ts";
import { GeneralStep, isGeneralComplete } from "./general-step.tsx";
import { NamespacesStep, isNamespacesComplete } from "./namespaces-step.tsx";
import { OptionsStep } from "./options-step.tsx";
import { ResultsStep } from "./results-step.tsx";
import { VolumesStep, isDiscovered } from "./volumes-step.tsx";
import { ResultsFooter, StepFooter } from "./wizard-footers.tsx";
import { createBody, updateBody, type DraftChange, type PlanDraft } from "./wizard-state.ts";

const trail = [{ title: "Migration plans", href: "/plans" }];

/** The plan on the cluster, if it is there yet, and the two moments at which the draft is written to it. */
function useDraftedPlan(draft: PlanDraft, onChange: Dispatch<DraftChange>) {
  const plans = useQuery(resourceQuery("migplans"));
  const create = useCreatePlan();
  const update = useUpdatePlan(draft.name);
  const plan = plans.data?.find(({ metadata }) => metadata.name === draft.name && draft.isCreated);
  const savePlan = async () => {
    if (draft.isCreated) {
      await update.mutateAsync({ storage: draft.storage, namespaces: [...draft.namespaces] });
      return;
    }
    await create.mutateAsync(createBody(draft));
    onChange({ change: "set", values: { isCreated: true } });
  };
  const saveChoices = async () => {
    if (plan !== undefined) await update.mutateAsync(updateBody(draft, plan));
  };
  return { plans: plans.data ?? [], plan, isSaving: update.isPending, savePlan, saveChoices };
}

/** Makes a plan for a full migration, step by step. The plan exists on the cluster from the volumes step on. */
export function PlanWizard() {
  const router = useRouter();
  const { notify } = useNotifications();
  const [draft, onChange] = usePlanDraft();
  const { plans, plan, isSaving, savePlan, saveChoices } = useDraftedPlan(draft, onChange);
  const cancel = () => {
    if (draft.isCreated)
      notify("info", `Plan ${draft.name} was saved as it is`, "Find it under Migration plans.");
    forgetDraft();
    router.push("/plans");
  };
  const close = () => {
    forgetDraft();
    router.push(`/plans/${draft.name}`);
  };
  const footer = (isNextAllowed: boolean, onNext?: () => Promise<unknown>) => (
    <StepFooter
      isNextAllowed={isNextAllowed}
      onCancel={cancel}
      {...(onNext !== undefined && { onNext })}
    />
  );
  return (
    <>
      <PageHeader title="Create a migration plan" here="Create" trail={trail} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Wizard isVisitRequired navAriaLabel="Steps of the plan" height="100%">
          <WizardStep id="general" name="General" footer={footer(isGeneralComplete(draft, plans))}>
            <GeneralStep draft={draft} onChange={onChange} />
          </WizardStep>
          <WizardStep
            id="namespaces"
            name="Namespaces"
            footer={footer(isNamespacesComplete(draft), savePlan)}
          >
            <NamespacesStep draft={draft} onChange={onChange} />
          </WizardStep>
          <WizardStep id="volumes" name="Persistent volumes" footer={footer(isDiscovered(plan))}>
            <VolumesStep draft={draft} plan={plan} onChange={onChange} />
          </WizardStep>
          <WizardStep id="options" name="Migration options" footer={footer(true, saveChoices)}>
            <OptionsStep draft={draft} onChange={onChange} />
          </WizardStep>
          <WizardStep id="results" name="Results" footer={<ResultsFooter onClose={close} />}>
            <ResultsStep plan={plan} isSaving={isSaving} />
          </WizardStep>
        </Wizard>
      </PageSection>
    </>
  );
}
