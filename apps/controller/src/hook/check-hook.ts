import { imageProblem } from "@drover/crds";
import type { MigHook } from "@drover/crds";
import type { ConditionInput } from "../runtime/condition-stage.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong with a hook as it is written. */
export function hookProblems({ spec }: MigHook): ConditionInput[] {
  const problems: ConditionInput[] = [];
  const add = (type: string, message: string) =>
    problems.push({ type, category: "Critical", reason: "NotSet", message });
  const badImage = imageProblem(spec.image ?? "");
  if (badImage) add("InvalidImage", `spec.image: ${badImage}`);
  if (!["source", "destination"].includes(spec.targetCluster)) {
    add("InvalidTarget", "spec.targetCluster has to be source or destination.");
  }
  const playbook = spec.playbook ?? "";
  if (!BASE64.test(playbook.replaceAll(/[\r\n]/g, ""))) {
    add(
      "InvalidPlaybookData",
      "spec.playbook is not base64. Encode the playbook, as with base64 -w0.",
    );
  }
  if (spec.custom && playbook !== "") {
    add("InvalidCustomHook", "A custom hook runs its image as it is; remove spec.playbook.");
  }
  if (!spec.custom && playbook === "") {
    add("InvalidAnsibleHook", "An Ansible hook needs spec.playbook; or set spec.custom.");
  }
  return problems;
}
