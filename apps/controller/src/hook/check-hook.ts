import type { MigHook } from "@drover/crds";
import type { ConditionInput } from "../runtime/condition-stage.ts";

/** The grammar of image references: host, path of lower case, tag, digest. */
const IMAGE = new RegExp(
  "^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?/)?" +
    "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*" +
    "(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$",
);
const MAX_IMAGE_LENGTH = 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong with a hook as it is written. */
export function hookProblems({ spec }: MigHook): ConditionInput[] {
  const problems: ConditionInput[] = [];
  const add = (type: string, message: string) =>
    problems.push({ type, category: "Critical", reason: "NotSet", message });
  if (!isImage(spec.image)) {
    add("InvalidImage", "spec.image is not an image such as registry.example.com/team/hook:1.0.");
  }
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

function isImage(image: string | undefined): boolean {
  return image !== undefined && image.length <= MAX_IMAGE_LENGTH && IMAGE.test(image);
}
