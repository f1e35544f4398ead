"use client";

import {
  Button,
  Checkbox,
  FileUpload,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  InputGroup,
  InputGroupItem,
  TextInput,
} from "@patternfly/react-core";
import { EyeIcon, EyeSlashIcon } from "@patternfly/react-icons";
import { useState, type ReactNode } from "react";
import { useController, type Control, type FieldPath, type FieldValues } from "react-hook-form";

type FieldProps<V extends FieldValues> = {
  readonly control: Control<V>;
  readonly name: FieldPath<V>;
  readonly label: string;
  /** What goes in, shown while nothing is wrong. */
  readonly help?: ReactNode;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
};

/** The line below a field: what is wrong with it, or what goes in. */
export function FieldHelp({
  error,
  help,
}: {
  readonly error?: string | undefined;
  readonly help?: ReactNode;
}) {
  if (error === undefined && help === undefined) return null;
  return (
    <FormHelperText>
      <HelperText isLiveRegion>
        <HelperTextItem variant={error === undefined ? "default" : "error"}>
          {error ?? help}
        </HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

type TextFieldProps<V extends FieldValues> = FieldProps<V> & {
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
};

/** A line of text. */
export function TextField<V extends FieldValues>(props: TextFieldProps<V>) {
  const {
    control,
    name,
    label,
    help,
    isRequired = false,
    isDisabled = false,
    placeholder,
    autoFocus,
  } = props;
  const { field, fieldState } = useController({ control, name });
  const error = fieldState.error?.message;
  return (
    <FormGroup label={label} isRequired={isRequired} fieldId={name}>
      <TextInput
        id={name}
        ref={field.ref}
        value={field.value ?? ""}
        onChange={(_event, value) => {
          field.onChange(value);
        }}
        onBlur={field.onBlur}
        isRequired={isRequired}
        isDisabled={isDisabled}
        validated={error === undefined ? "default" : "error"}
        autoComplete="off"
        {...(placeholder !== undefined && { placeholder })}
        {...(autoFocus === true && { autoFocus })}
      />
      <FieldHelp error={error} help={help} />
    </FormGroup>
  );
}

/** A line of text that is hidden until the person asks to see it. */
export function SecretField<V extends FieldValues>(
  props: FieldProps<V> & { readonly placeholder?: string },
) {
  const { control, name, label, help, isRequired = false, placeholder } = props;
  const { field, fieldState } = useController({ control, name });
  const [isShown, setIsShown] = useState(false);
  const error = fieldState.error?.message;
  return (
    <FormGroup label={label} isRequired={isRequired} fieldId={name}>
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id={name}
            ref={field.ref}
            type={isShown ? "text" : "password"}
            value={field.value ?? ""}
            onChange={(_event, value) => {
              field.onChange(value);
            }}
            onBlur={field.onBlur}
            isRequired={isRequired}
            validated={error === undefined ? "default" : "error"}
            autoComplete="new-password"
            {...(placeholder !== undefined && { placeholder })}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Button
            variant="control"
            aria-label={isShown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`}
            icon={isShown ? <EyeSlashIcon /> : <EyeIcon />}
            onClick={() => {
              setIsShown(!isShown);
            }}
          />
        </InputGroupItem>
      </InputGroup>
      <FieldHelp error={error} help={help} />
    </FormGroup>
  );
}

/** A yes or no. */
export function CheckField<V extends FieldValues>({ control, name, label, help }: FieldProps<V>) {
  const { field } = useController({ control, name });
  return (
    <FormGroup fieldId={name}>
      <Checkbox
        id={name}
        label={label}
        description={help}
        isChecked={field.value === true}
        onChange={(_event, checked) => {
          field.onChange(checked);
        }}
      />
    </FormGroup>
  );
}

/** Certificates in PEM form, from a file or pasted. */
export function CertificateField<V extends FieldValues>({
  control,
  name,
  label,
  help,
}: FieldProps<V>) {
  const { field, fieldState } = useController({ control, name });
  const [filename, setFilename] = useState("");
  const error = fieldState.error?.message;
  return (
    <FormGroup label={label} fieldId={name}>
      <FileUpload
        id={name}
        type="text"
        value={field.value ?? ""}
        filename={filename}
        filenamePlaceholder="Drop a PEM file here, choose one, or paste below"
        browseButtonText="Choose"
        allowEditingUploadedText
        validated={error === undefined ? "default" : "error"}
        onFileInputChange={(_event, file) => {
          setFilename(file.name);
        }}
        onDataChange={(_event, text) => {
          field.onChange(text);
        }}
        onTextChange={(_event, text) => {
          field.onChange(text);
        }}
        onClearClick={() => {
          setFilename("");
          field.onChange("");
        }}
      />
      <FieldHelp error={error} help={help} />
    </FormGroup>
  );
}
