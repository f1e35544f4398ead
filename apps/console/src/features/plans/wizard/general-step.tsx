"use client";

import { Alert, Form, FormGroup, TextInput } from "@patternfly/react-core";
import type { MigCluster, MigPlan, MigStorage } from "@drover/crds";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Dispatch } from "react";
import { resourceQuery } from "../../../shared/api/resources.ts";
import { readinessFrom } from "../../../shared/readiness.ts";
import { FieldHelp } from "../../../shared/ui/form-fields.tsx";
import { ChooseField, type Choice } from "./choose-field.tsx";
import { suggestedName, type DraftChange, type PlanDraft } from "./wizard-state.ts";

type Props = { readonly draft: PlanDraft; readonly onChange: Dispatch<DraftChange> };

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** What is wrong with the plan's name, if anything. */
function nameProblem(
  { name, isCreated }: PlanDraft,
  plans: readonly MigPlan[],
): string | undefined {
  if (isCreated) return undefined;
  if (name.length < 3 || name.length > 63) return "Use 3 to 63 characters.";
  if (!NAME.test(name))
    return "Use lowercase letters, digits and dashes; begin and end with a letter or digit.";
  if (plans.some(({ metadata }) => metadata.name === name))
    return `There is a plan called ${name} already.`;
  return undefined;
}

export const isGeneralComplete = (draft: PlanDraft, plans: readonly MigPlan[]): boolean =>
  nameProblem(draft, plans) === undefined &&
  draft.source !== "" &&
  draft.target !== "" &&
  draft.storage !== "";

function choice({ metadata, status }: MigCluster | MigStorage): Choice {
  const name = metadata.name ?? "";
  const { state } = readinessFrom(status?.conditions);
  return { value: name, text: name, refused: state === "ready" ? undefined : "not ready" };
}

/** From where to where, through which repository, under which name. */
export function GeneralStep({ draft, onChange }: Props) {
  const clusters = useQuery(resourceQuery("migclusters"));
  const storages = useQuery(resourceQuery("migstorages"));
  const plans = useQuery(resourceQuery("migplans"));
  const set = (values: Partial<PlanDraft>) => {
    const next = { ...draft, ...values };
    const isSuggested = draft.name === "" || draft.name === suggestedName(draft);
    onChange({
      change: "set",
      values:
        isSuggested && !draft.isCreated && values.name === undefined
          ? { ...values, name: suggestedName(next) }
          : values,
    });
  };
  const others = (taken: string) =>
    (clusters.data ?? []).map(choice).filter(({ value }) => value !== taken);
  const problem = draft.name === "" ? undefined : nameProblem(draft, plans.data ?? []);
  return (
    <Form
      isWidthLimited
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <ChooseField
        id="source"
        label="Source cluster"
        placeholder="Choose where the applications run now"
        value={draft.source}
        choices={others(draft.target)}
        onChoose={(source) => {
          set({ source });
        }}
      />
      <ChooseField
        id="target"
        label="Target cluster"
        placeholder="Choose where they are to run"
        value={draft.target}
        choices={others(draft.source)}
        onChoose={(target) => {
          set({ target });
        }}
      />
      <ChooseField
        id="storage"
        label="Replication repository"
        placeholder="Choose an object store both clusters reach"
        value={draft.storage}
        choices={(storages.data ?? []).map(choice)}
        onChoose={(storage) => {
          set({ storage });
        }}
      />
      {storages.data?.length === 0 && (
        <Alert isInline component="p" variant="info" title="There is no replication repository yet">
          A full migration passes through one.{" "}
          <Link href="/repositories/new">Add a replication repository</Link>; what you chose here is
          kept.
        </Alert>
      )}
      <FormGroup label="Plan name" isRequired fieldId="name">
        <TextInput
          id="name"
          value={draft.name}
          isRequired
          isDisabled={draft.isCreated}
          validated={problem === undefined ? "default" : "error"}
          onChange={(_event, name) => {
            set({ name });
          }}
        />
        <FieldHelp error={problem} help="How this plan is called in lists, commands and logs." />
      </FormGroup>
    </Form>
  );
}
