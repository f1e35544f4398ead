import { PageSection, Skeleton, Stack, StackItem } from "@patternfly/react-core";

/** A form's shape while what it edits is on its way. */
export function SkeletonForm() {
  return (
    <PageSection hasBodyWrapper={false} aria-busy>
      <Stack hasGutter>
        {["40%", "60%", "60%", "30%"].map((width, index) => (
          <StackItem key={index}>
            <Skeleton width={width} height="2rem" screenreaderText={index === 0 ? "Loading" : ""} />
          </StackItem>
        ))}
      </Stack>
    </PageSection>
  );
}
