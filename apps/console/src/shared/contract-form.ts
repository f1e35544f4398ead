"use client";

import { useState } from "react";
import {
  useForm,
  type DefaultValues,
  type FieldErrors,
  type FieldPath,
  type FieldValues,
  type UseFormReturn,
} from "react-hook-form";
import type { z } from "zod";
import { errorSentence, ProblemError } from "./api/client.ts";

type Options<V extends FieldValues, Body> = {
  readonly initial: V;
  /** What the API takes; its messages are shown at the fields. */
  readonly schema: z.ZodType<Body>;
  /** The fields as the body, before it is checked. */
  readonly toBody: (values: V) => unknown;
};

type ContractForm<V extends FieldValues, Body> = UseFormReturn<V> & {
  /** A sentence about the whole form, from the last failed save. */
  readonly failure: string | undefined;
  /** Checks the fields and hands the body over; what the server finds wrong goes to the fields it names. */
  readonly submitTo: (save: (body: Body) => Promise<unknown>) => Promise<void>;
};

const errorsFrom = <V extends FieldValues>(issues: readonly z.core.$ZodIssue[]): FieldErrors<V> =>
  Object.fromEntries(
    issues.map(({ path, message }) => [path.join("."), { type: "contract", message }]),
  ) as FieldErrors<V>;

/** A form whose fields are checked by the schema the API itself checks with. */
export function useContractForm<V extends FieldValues, Body>(
  options: Options<V, Body>,
): ContractForm<V, Body> {
  const { initial, schema, toBody } = options;
  const [failure, setFailure] = useState<string>();
  const form = useForm<V>({
    defaultValues: initial as DefaultValues<V>,
    mode: "onTouched",
    resolver: (values) => {
      const result = schema.safeParse(toBody(values));
      return result.success
        ? { values, errors: {} }
        : { values: {}, errors: errorsFrom(result.error.issues) };
    },
  });

  const show = (error: unknown) => {
    if (!(error instanceof ProblemError) || error.fields.length === 0) {
      setFailure(errorSentence(error));
      return;
    }
    const elsewhere = error.fields.filter(({ field }) => !(field in initial));
    for (const { field, message } of error.fields)
      if (field in initial) form.setError(field as FieldPath<V>, { type: "server", message });
    setFailure(
      elsewhere.length > 0 ? elsewhere.map(({ message }) => message).join(" ") : undefined,
    );
  };

  const submitTo = (save: (body: Body) => Promise<unknown>) =>
    form.handleSubmit(async (values) => {
      setFailure(undefined);
      try {
        await save(schema.parse(toBody(values)));
      } catch (error) {
        show(error);
      }
    })();

  return { ...form, failure, submitTo };
}
