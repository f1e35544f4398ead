"use client";

import { ActionGroup, Alert, Button, Form, FormSection, PageSection } from "@patternfly/react-core";
import { CreateStorage, UpdateStorage } from "@drover/contract";
import { useRouter } from "next/navigation";
import type { Control } from "react-hook-form";
import { usePermission } from "../../shared/api/session.ts";
import { useContractForm } from "../../shared/contract-form.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { CertificateSection } from "../../shared/ui/certificate-section.tsx";
import { SecretField, TextField } from "../../shared/ui/form-fields.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";

/** What the form holds; empty text means "not given". */
export type RepositoryFields = {
  name: string;
  bucket: string;
  region: string;
  url: string;
  accessKey: string;
  secretKey: string;
  insecure: boolean;
  caBundle: string;
};

type Body = CreateStorage | UpdateStorage;
type Props = {
  readonly initial: RepositoryFields;
  /** The repository that is edited; absent for a new one. */
  readonly edited?: string;
  readonly save: (body: Body) => Promise<unknown>;
};

const given = (text: string) => (text.trim() === "" ? undefined : text.trim());

/** The form's fields as the body the API takes. */
function storageBody(fields: RepositoryFields, edited: string | undefined) {
  const isNew = edited === undefined;
  const key = (text: string) => (isNew ? text.trim() : given(text));
  return {
    ...(isNew && { name: fields.name, provider: "aws" }),
    bucket: fields.bucket.trim(),
    region: given(fields.region),
    url: given(fields.url),
    accessKey: key(fields.accessKey),
    secretKey: key(fields.secretKey),
    insecure: fields.insecure,
    caBundle: fields.insecure ? undefined : given(fields.caBundle),
  };
}

type FieldsProps = { readonly control: Control<RepositoryFields>; readonly isNew: boolean };

function StoreFields({ control, isNew }: FieldsProps) {
  const keyHelp = isNew ? undefined : "Leave empty to keep the one there is.";
  return (
    <>
      <FormSection title="Object store" titleElement="h2">
        <TextField
          control={control}
          name="name"
          label="Name"
          isRequired
          isDisabled={!isNew}
          autoFocus={isNew}
        />
        <TextField
          control={control}
          name="url"
          label="S3 endpoint"
          placeholder="https://s3.example.com"
          help="Leave empty for AWS S3 itself. Both clusters must reach this address."
        />
        <TextField control={control} name="bucket" label="Bucket" isRequired />
        <TextField control={control} name="region" label="Region" placeholder="us-east-1" />
      </FormSection>
      <FormSection title="Keys" titleElement="h2">
        <SecretField
          control={control}
          name="accessKey"
          label="Access key"
          isRequired={isNew}
          help={keyHelp}
        />
        <SecretField
          control={control}
          name="secretKey"
          label="Secret key"
          isRequired={isNew}
          help={keyHelp}
        />
      </FormSection>
    </>
  );
}

/** Adds a replication repository or changes one. The controller probes the bucket once it is saved. */
export function RepositoryForm({ initial, edited, save }: Props) {
  const router = useRouter();
  const { notify } = useNotifications();
  const verdict = usePermission("storages.write");
  const isNew = edited === undefined;
  const { control, formState, failure, submitTo } = useContractForm<RepositoryFields, Body>({
    initial,
    schema: isNew ? CreateStorage : UpdateStorage,
    toBody: (fields) => storageBody(fields, edited),
  });
  const submit = () =>
    submitTo(async (body) => {
      await save(body);
      notify(
        "success",
        isNew ? "Replication repository added" : `Replication repository ${edited} saved`,
      );
      router.push("/repositories");
    });
  return (
    <PageSection hasBodyWrapper={false} isWidthLimited isFilled>
      <Form
        isWidthLimited
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {failure !== undefined && <Alert isInline component="p" variant="danger" title={failure} />}
        <StoreFields control={control} isNew={isNew} />
        <CertificateSection
          control={control}
          insecure="insecure"
          caBundle="caBundle"
          checkLabel="Do not verify the endpoint's certificate"
          danger="Anyone on the way could then read and change what is stored. Give a CA bundle instead where you can."
        />
        <ActionGroup>
          <PermittedButton verdict={verdict} type="submit" isLoading={formState.isSubmitting}>
            {isNew ? "Add replication repository" : "Save"}
          </PermittedButton>
          <Button variant="link" onClick={() => router.push("/repositories")}>
            Cancel
          </Button>
        </ActionGroup>
      </Form>
    </PageSection>
  );
}
