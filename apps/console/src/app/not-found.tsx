"use client";

import { Bullseye, EmptyState, EmptyStateBody } from "@patternfly/react-core";
import Link from "next/link";

export default function NotFound() {
  return (
    <Bullseye>
      <EmptyState headingLevel="h1" titleText="There is no such page">
        <EmptyStateBody>
          The address may be mistyped, or what it named is gone.{" "}
          <Link href="/">Go to the overview</Link>
        </EmptyStateBody>
      </EmptyState>
    </Bullseye>
  );
}
