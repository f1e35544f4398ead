"use client";

import { Content, Form, FormGroup, Radio } from "@patternfly/react-core";
import type { Dispatch } from "react";
import type { DraftChange, PlanDraft } from "./wizard-state.ts";

type Props = { readonly draft: PlanDraft; readonly onChange: Dispatch<DraftChange> };

/** Which way data takes. */
export function OptionsStep({ draft, onChange }: Props) {
  const set = (directVolumes: boolean) => {
    onChange({ change: "set", values: { directVolumes } });
  };
  return (
    <Form
      isWidthLimited
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <FormGroup role="radiogroup" isStack label="How volumes get to the target" fieldId="volumes">
        <Radio
          id="volumes-direct"
          name="volumes"
          label="Directly, from cluster to cluster"
          description="Quickest. Pods of both clusters talk over an encrypted connection; later copies send only what changed."
          isChecked={draft.directVolumes}
          onChange={() => {
            set(true);
          }}
        />
        <Radio
          id="volumes-indirect"
          name="volumes"
          label="Through the replication repository"
          description="For clusters that cannot reach each other. Data is written to the object store and read from there."
          isChecked={!draft.directVolumes}
          onChange={() => {
            set(false);
          }}
        />
      </FormGroup>
      <Content component="small">
        Images of the internal registry stay on {draft.source}. Applications that use them need the
        images pushed to {draft.target} first; images from other registries need nothing.
      </Content>
    </Form>
  );
}
