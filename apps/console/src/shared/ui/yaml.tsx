"use client";

import {
  ClipboardCopyButton,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
} from "@patternfly/react-core";
import { useState } from "react";
import { stringify } from "yaml";

/** An object as YAML to read and to copy. Managed fields are left out: nobody reads or applies them. */
export function Yaml({ value }: { readonly value: { readonly metadata: object } }) {
  const [isCopied, setIsCopied] = useState(false);
  const text = stringify({ ...value, metadata: { ...value.metadata, managedFields: undefined } });
  return (
    <CodeBlock
      actions={
        <CodeBlockAction>
          <ClipboardCopyButton
            id="copy-yaml"
            variant="plain"
            aria-label="Copy YAML"
            onClick={() => {
              void navigator.clipboard.writeText(text);
              setIsCopied(true);
            }}
            onTooltipHidden={() => {
              setIsCopied(false);
            }}
          >
            {isCopied ? "Copied" : "Copy YAML"}
          </ClipboardCopyButton>
        </CodeBlockAction>
      }
    >
      <CodeBlockCode>{text}</CodeBlockCode>
    </CodeBlock>
  );
}
