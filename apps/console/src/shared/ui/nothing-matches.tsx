import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from "@patternfly/react-core";
import { SearchIcon } from "@patternfly/react-icons";

/** The face of a list whose filters leave nothing. */
export function NothingMatches({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState headingLevel="h2" titleText="Nothing matches" icon={SearchIcon}>
      <EmptyStateBody>No entry matches what you searched for.</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="link" onClick={onClear}>
            Clear all filters
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
