import {
  Breadcrumb,
  BreadcrumbItem,
  Content,
  Flex,
  FlexItem,
  PageBreadcrumb,
  PageSection,
  Title,
} from "@patternfly/react-core";
import Link from "next/link";
import type { ReactNode } from "react";

type Props = {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Pages above this one, outermost first. */
  readonly trail?: readonly { readonly title: string; readonly href: string }[];
  readonly here?: string;
  /** Labels beside the title. */
  readonly labels?: ReactNode;
  readonly actions?: ReactNode;
};

/** The head of every page: where it is, what it is, and what can be done with it. */
export function PageHeader({ title, description, trail, here, labels, actions }: Props) {
  return (
    <>
      {trail !== undefined && (
        <PageBreadcrumb>
          <Breadcrumb>
            {trail.map((page) => (
              <BreadcrumbItem
                key={page.href}
                render={({ className }) => (
                  <Link href={page.href} className={className}>
                    {page.title}
                  </Link>
                )}
              />
            ))}
            <BreadcrumbItem isActive>{here ?? title}</BreadcrumbItem>
          </Breadcrumb>
        </PageBreadcrumb>
      )}
      <PageSection hasBodyWrapper={false}>
        <Flex
          justifyContent={{ default: "justifyContentSpaceBetween" }}
          alignItems={{ default: "alignItemsFlexStart" }}
        >
          <FlexItem>
            <Flex spaceItems={{ default: "spaceItemsMd" }}>
              <Title headingLevel="h1">{title}</Title>
              {labels}
            </Flex>
            {description !== undefined && <Content component="p">{description}</Content>}
          </FlexItem>
          {actions !== undefined && <FlexItem>{actions}</FlexItem>}
        </Flex>
      </PageSection>
    </>
  );
}
