"use client";

import { FormSection } from "@patternfly/react-core";
import { useWatch, type Control, type FieldPath, type FieldValues } from "react-hook-form";
import { CertificateField, CheckField } from "./form-fields.tsx";

type Props<V extends FieldValues> = {
  readonly control: Control<V>;
  readonly insecure: FieldPath<V>;
  readonly caBundle: FieldPath<V>;
  readonly checkLabel: string;
  /** What may happen when the certificate is not verified. */
  readonly danger: string;
};

/** Whether, and against what, a server's certificate is verified. */
export function CertificateSection<V extends FieldValues>(props: Props<V>) {
  const { control, insecure, caBundle, checkLabel, danger } = props;
  const isInsecure = useWatch({ control, name: insecure });
  return (
    <FormSection title="Certificate" titleElement="h2">
      <CheckField control={control} name={insecure} label={checkLabel} help={danger} />
      {!isInsecure && (
        <CertificateField
          control={control}
          name={caBundle}
          label="CA bundle"
          help="Needed when the certificate is not signed by a public authority."
        />
      )}
    </FormSection>
  );
}
