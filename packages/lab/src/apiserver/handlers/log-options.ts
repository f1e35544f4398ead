import { forbiddenField, invalidValue } from "../field-causes.ts";
import { badRequest, invalid } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";

/** Refuses what cannot be asked of a log, whatever pod it is of. */
export function checkLogOptions(pod: string, query: URLSearchParams): void {
  const causes = [
    ...numberCauses(query, "tailLines", 0),
    ...numberCauses(query, "limitBytes", 1),
    ...sinceCauses(query),
  ];
  if (causes.length === 0) return;
  throw invalid({ group: "", plural: "podlogoptions", kind: "PodLogOptions" }, pod, causes);
}

function numberCauses(query: URLSearchParams, name: string, least: number): Cause[] {
  const text = query.get(name);
  if (text === null || text === "") return [];
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const number = Number(text);
  if (number >= least) return [];
  const detail = least === 0 ? "must be greater than or equal to 0" : "must be greater than 0";
  return [invalidValue(name, number, detail)];
}

function sinceCauses(query: URLSearchParams): Cause[] {
  const causes = numberCauses(query, "sinceSeconds", 1);
  const time = query.get("sinceTime") ?? "";
  if (time === "") return causes;
  if (Number.isNaN(Date.parse(time))) {
    const shown = JSON.stringify(time);
    throw badRequest(
      `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`,
    );
  }
  if ((query.get("sinceSeconds") ?? "") === "") return causes;
  const detail = "at most one of `sinceTime` or `sinceSeconds` may be specified";
  return [forbiddenField("[]", detail)];
}
