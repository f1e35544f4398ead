"use client";

import { ActionGroup, Alert, Button, Form, FormSection, PageSection } from "@patternfly/react-core";
import { CreateCluster, UpdateCluster } from "@drover/contract";
import { useRouter } from "next/navigation";
import type { Control } from "react-hook-form";
import { errorSentence } from "../../shared/api/client.ts";
import { usePermission } from "../../shared/api/session.ts";
import { useContractForm } from "../../shared/contract-form.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { CertificateSection } from "../../shared/ui/certificate-section.tsx";
import { SecretField, TextField } from "../../shared/ui/form-fields.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";
import { useCheckCluster } from "./cluster-queries.ts";
import { ConnectionSteps } from "./connection-steps.tsx";

/** What the form holds; empty text means "not given". */
export type ClusterFields = {
  name: string;
  url: string;
  token: string;
  exposedRegistryPath: string;
  insecure: boolean;
  caBundle: string;
  azureResourceGroup: string;
};

type Body = CreateCluster | UpdateCluster;
type Props = {
  readonly initial: ClusterFields;
  /** The cluster that is edited; absent for a new one. */
  readonly edited?: string;
  readonly save: (body: Body) => Promise<unknown>;
};

const given = (text: string) => (text.trim() === "" ? undefined : text.trim());

/** The form's fields as the body the API takes. */
function clusterBody(fields: ClusterFields, edited: string | undefined) {
  return {
    ...(edited === undefined && { name: fields.name }),
    url: fields.url.trim(),
    token: edited === undefined ? fields.token.trim() : given(fields.token),
    exposedRegistryPath: given(fields.exposedRegistryPath)?.replace(/^https?:\/\//, ""),
    insecure: fields.insecure,
    caBundle: fields.insecure ? undefined : given(fields.caBundle),
    azureResourceGroup: given(fields.azureResourceGroup),
  };
}

const TOKEN_HELP =
  "Of a service account with cluster-admin, for example from: oc create token migration-controller -n openshift-migration";

function FormFields({
  control,
  edited,
}: {
  readonly control: Control<ClusterFields>;
  readonly edited: boolean;
}) {
  return (
    <FormSection title="Cluster" titleElement="h2">
      <TextField
        control={control}
        name="name"
        label="Name"
        isRequired
        isDisabled={edited}
        autoFocus={!edited}
        help="How this cluster is called in plans, for example prod-3."
      />
      <TextField
        control={control}
        name="url"
        label="API server URL"
        isRequired
        placeholder="https://api.cluster.example.com:6443"
      />
      <SecretField
        control={control}
        name="token"
        label="Service account token"
        isRequired={!edited}
        help={edited ? "Leave empty to keep the token there is." : TOKEN_HELP}
      />
    </FormSection>
  );
}

function OptionalFields({ control }: { readonly control: Control<ClusterFields> }) {
  return (
    <FormSection title="Optional" titleElement="h2">
      <TextField
        control={control}
        name="exposedRegistryPath"
        label="Image registry route"
        help="Host of the exposed image registry, needed for direct image migration."
      />
      <TextField control={control} name="azureResourceGroup" label="Azure resource group" />
    </FormSection>
  );
}

type CheckResultProps = {
  readonly check: ReturnType<typeof useCheckCluster>;
  readonly onTrust: (pem: string) => void;
};

function CheckResult({ check, onTrust }: CheckResultProps) {
  if (check.isError)
    return <Alert isInline component="p" variant="danger" title={errorSentence(check.error)} />;
  return check.data === undefined ? null : <ConnectionSteps check={check.data} onTrust={onTrust} />;
}

/** Adds a cluster or changes one; tries the connection on request before anything is saved. */
export function ClusterForm({ initial, edited, save }: Props) {
  const router = useRouter();
  const { notify } = useNotifications();
  const verdict = usePermission("clusters.write");
  const check = useCheckCluster();
  const isNew = edited === undefined;
  const { control, setValue, formState, failure, submitTo } = useContractForm<ClusterFields, Body>({
    initial,
    schema: isNew ? CreateCluster : UpdateCluster,
    toBody: (fields) => clusterBody(fields, edited),
  });

  const submit = () =>
    submitTo(async (body) => {
      await save(body);
      notify("success", isNew ? "Cluster added" : `Cluster ${edited} saved`);
      router.push("/clusters");
    });
  const runCheck = () =>
    submitTo(({ url, token, insecure, caBundle }) =>
      check.mutateAsync({ url, insecure, token, caBundle, name: edited }),
    );

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
        {failure !== undefined && !check.isError && (
          <Alert isInline component="p" variant="danger" title={failure} />
        )}
        <FormFields control={control} edited={!isNew} />
        <CertificateSection
          control={control}
          insecure="insecure"
          caBundle="caBundle"
          checkLabel="Do not verify the server's certificate"
          danger="Anyone between Drover and the cluster could then read the token. Give a CA bundle instead where you can."
        />
        <OptionalFields control={control} />
        <CheckResult
          check={check}
          onTrust={(pem) => {
            setValue("caBundle", pem, { shouldDirty: true });
            void runCheck();
          }}
        />
        <ActionGroup>
          <PermittedButton
            verdict={verdict}
            type="submit"
            isLoading={formState.isSubmitting && !check.isPending}
          >
            {isNew ? "Add cluster" : "Save"}
          </PermittedButton>
          <PermittedButton
            verdict={verdict}
            variant="secondary"
            isLoading={check.isPending}
            onClick={() => void runCheck()}
          >
            Check connection
          </PermittedButton>
          <Button variant="link" onClick={() => router.push("/clusters")}>
            Cancel
          </Button>
        </ActionGroup>
      </Form>
    </PageSection>
  );
}
