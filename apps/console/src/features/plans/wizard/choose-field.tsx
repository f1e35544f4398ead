"use client";

import { FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { FieldHelp } from "../../../shared/ui/form-fields.tsx";

export type Choice = {
  readonly value: string;
  readonly text: string;
  /** Why it cannot be chosen; it stays in the list and says so. */
  readonly refused?: string | undefined;
};

type Props = {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string) => void;
  readonly help?: string;
  readonly error?: string | undefined;
};

/** One of a few. */
export function ChooseField({
  id,
  label,
  placeholder,
  value,
  choices,
  onChoose,
  help,
  error,
}: Props) {
  return (
    <FormGroup label={label} isRequired fieldId={id}>
      <FormSelect
        id={id}
        value={value}
        validated={error === undefined ? "default" : "error"}
        onChange={(_event, chosen) => {
          onChoose(chosen);
        }}
      >
        <FormSelectOption value="" label={placeholder} isPlaceholder isDisabled />
        {choices.map(({ value: each, text, refused }) => (
          <FormSelectOption
            key={each}
            value={each}
            label={refused === undefined ? text : `${text} (${refused})`}
            isDisabled={refused !== undefined}
          />
        ))}
      </FormSelect>
      <FieldHelp error={error} help={help} />
    </FormGroup>
  );
}
