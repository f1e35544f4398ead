import "@patternfly/react-core/dist/styles/base.css";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Frame } from "../shared/frame/frame.tsx";
import { themeScript } from "../shared/frame/theme.ts";

export const metadata: Metadata = {
  title: { default: "Drover", template: "%s · Drover" },
  description: "Moves stateful applications, namespace by namespace, between clusters.",
};

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
        <Frame>{children}</Frame>
      </body>
    </html>
  );
}
