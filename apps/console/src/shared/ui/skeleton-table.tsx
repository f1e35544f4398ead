import { Skeleton } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";

type Props = {
  readonly columns: readonly string[];
  readonly label: string;
  readonly rows?: number;
};

/** A table's shape while its rows are on their way, so that nothing jumps when they come. */
export function SkeletonTable({ columns, label, rows = 5 }: Props) {
  return (
    <Table aria-label={label} aria-busy>
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column} modifier="nowrap">
              {column}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {Array.from({ length: rows }, (_, row) => (
          <Tr key={row}>
            {columns.map((column) => (
              <Td key={column} dataLabel={column}>
                <Skeleton screenreaderText={row === 0 ? "Loading" : ""} />
              </Td>
            ))}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
