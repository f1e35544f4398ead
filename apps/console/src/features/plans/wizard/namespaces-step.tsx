"use client";

import {
  Content,
  Pagination,
  SearchInput,
  TextInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ClusterNamespace, NamespaceMapping } from "@drover/contract";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState, type Dispatch } from "react";
import { AsyncView } from "../../../shared/ui/async-view.tsx";
import { NothingMatches } from "../../../shared/ui/nothing-matches.tsx";
import { FieldHelp } from "../../../shared/ui/form-fields.tsx";
import { SkeletonTable } from "../../../shared/ui/skeleton-table.tsx";
import { namespacesQuery } from "../plan-queries.ts";
import { mappingProblems, type DraftChange, type PlanDraft } from "./wizard-state.ts";

type Props = { readonly draft: PlanDraft; readonly onChange: Dispatch<DraftChange> };

export const isNamespacesComplete = ({ namespaces }: PlanDraft): boolean =>
  namespaces.length > 0 && Object.keys(mappingProblems(namespaces)).length === 0;

const columns = ["Namespace", "Pods", "Claims", "Services", "Name on the target"];

/** Which namespaces move, and what they are called on the target. */
export function NamespacesStep({ draft, onChange }: Props) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const [perPage, setPerPage] = useState(10);
  const asked = useDeferredValue(search);
  const namespaces = useQuery(namespacesQuery(draft.source, { search: asked, page, perPage }));
  const problems = mappingProblems(draft.namespaces);
  const find = (value: string) => {
    setSearch(value);
    setPage(1);
  };
  return (
    <>
      <Content component="p">
        Choose the namespaces of {draft.source} to move. Each keeps its name on {draft.target}{" "}
        unless you give it another.
      </Content>
      <NamespaceToolbar
        search={search}
        selected={draft.namespaces.length}
        total={namespaces.data?.total ?? 0}
        page={page}
        perPage={perPage}
        onFind={find}
        onPage={setPage}
        onPerPage={(next) => {
          setPerPage(next);
          setPage(1);
        }}
      />
      <AsyncView
        query={namespaces}
        title="Namespaces"
        loading={<SkeletonTable label="Namespaces" columns={columns} />}
      >
        {({ items }) => (
          <>
            <Table aria-label="Namespaces" variant="compact">
              <Thead>
                <Tr>
                  <Th screenReaderText="Select" />
                  {columns.map((column) => (
                    <Th key={column} modifier="nowrap">
                      {column}
                    </Th>
                  ))}
                </Tr>
              </Thead>
              <Tbody>
                {items.map((namespace, rowIndex) => (
                  <NamespaceRow
                    key={namespace.name}
                    namespace={namespace}
                    rowIndex={rowIndex}
                    mapping={draft.namespaces.find(({ source }) => source === namespace.name)}
                    problem={problems[namespace.name]}
                    onChange={onChange}
                  />
                ))}
              </Tbody>
            </Table>
            {items.length === 0 && (
              <NothingMatches
                onClear={() => {
                  find("");
                }}
              />
            )}
          </>
        )}
      </AsyncView>
    </>
  );
}

type ToolbarProps = {
  readonly search: string;
  readonly selected: number;
  readonly total: number;
  readonly page: number;
  readonly perPage: number;
  readonly onFind: (text: string) => void;
  readonly onPage: (page: number) => void;
  readonly onPerPage: (perPage: number) => void;
};

function NamespaceToolbar(props: ToolbarProps) {
  const { search, selected, total, page, perPage, onFind, onPage, onPerPage } = props;
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label="Search namespaces"
            placeholder="Search by name"
            value={search}
            onChange={(_event, value) => {
              onFind(value);
            }}
            onClear={() => {
              onFind("");
            }}
          />
        </ToolbarItem>
        <ToolbarItem alignSelf="center">{selected} selected</ToolbarItem>
        <ToolbarItem variant="pagination" align={{ default: "alignEnd" }}>
          <Pagination
            isCompact
            itemCount={total}
            page={page}
            perPage={perPage}
            onSetPage={(_event, next) => {
              onPage(next);
            }}
            onPerPageSelect={(_event, next) => {
              onPerPage(next);
            }}
          />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

type RowProps = {
  readonly namespace: ClusterNamespace;
  readonly rowIndex: number;
  readonly mapping: NamespaceMapping | undefined;
  readonly problem: string | undefined;
  readonly onChange: Dispatch<DraftChange>;
};

function NamespaceRow({ namespace, rowIndex, mapping, problem, onChange }: RowProps) {
  const { name, pods, claims, services } = namespace;
  return (
    <Tr>
      <Td
        select={{
          rowIndex,
          isSelected: mapping !== undefined,
          onSelect: (_event, isPicked) => {
            onChange({ change: "pick", namespace: name, isPicked });
          },
        }}
      />
      <Td dataLabel="Namespace">{name}</Td>
      <Td dataLabel="Pods">{pods}</Td>
      <Td dataLabel="Claims">{claims}</Td>
      <Td dataLabel="Services">{services}</Td>
      <Td dataLabel="Name on the target">
        {mapping === undefined ? (
          "–"
        ) : (
          <>
            <TextInput
              aria-label={`Name of ${name} on the target`}
              value={mapping.target}
              validated={problem === undefined ? "default" : "error"}
              onChange={(_event, target) => {
                onChange({ change: "rename", namespace: name, target });
              }}
            />
            <FieldHelp error={problem} />
          </>
        )}
      </Td>
    </Tr>
  );
}
