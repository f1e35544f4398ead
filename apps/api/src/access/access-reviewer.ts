import type { AccessQuestion } from "@drover/kube";
import type { Actor } from "./actor.ts";

export type Verdict =
  { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Asks the host cluster, as the person, whether they may. */
export type AccessReviewer = {
  readonly review: (actor: Actor, question: AccessQuestion) => Promise<Verdict>;
  /** The first refusal, or that all is allowed. */
  readonly reviewAll: (actor: Actor, questions: readonly AccessQuestion[]) => Promise<Verdict>;
};

type Answer = { readonly at: number; readonly verdict: Promise<Verdict> };

const maxSessions = 1000;

function describe(question: AccessQuestion): string {
  if (question.resource === "*") return "do everything on this cluster";
  const group = question.group === "" ? "" : `.${question.group}`;
  const name = question.name === undefined ? "" : ` "${question.name}"`;
  const place = question.namespace === undefined ? "" : ` in namespace ${question.namespace}`;
  return `${question.verb} ${question.resource}${group}${name}${place}`;
}

function refusal(actor: Actor, question: AccessQuestion): Verdict {
  return {
    allowed: false,
    reason: `${actor.name} may not ${describe(question)}. Ask an administrator of the host cluster for this right.`,
  };
}

/** Answers are kept for a few seconds, per session and never across sessions. */
export function openAccessReviewer(keepMs = 10_000, now: () => number = Date.now): AccessReviewer {
  const sessions = new Map<string, Map<string, Answer>>();

  const answersOf = (actor: Actor): Map<string, Answer> => {
    const known = sessions.get(actor.session.id) ?? new Map<string, Answer>();
    sessions.delete(actor.session.id);
    sessions.set(actor.session.id, known);
    const [oldest] = sessions.keys();
    if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
    return known;
  };

  const review = (actor: Actor, question: AccessQuestion): Promise<Verdict> => {
    const answers = answersOf(actor);
    const key = JSON.stringify(question);
    const known = answers.get(key);
    if (known !== undefined && now() - known.at < keepMs) return known.verdict;
    const verdict = actor.cluster
      .can(question)
      .then((allowed): Verdict => (allowed ? { allowed } : refusal(actor, question)));
    const answer = { at: now(), verdict };
    if (answers.size > 500) answers.clear();
    answers.set(key, answer);
    verdict.catch(() => {
      if (answers.get(key) === answer) answers.delete(key);
    });
    return verdict;
  };

  return {
    review,
    reviewAll: async (actor, questions) => {
      const verdicts = await Promise.all(questions.map((question) => review(actor, question)));
      return verdicts.find((verdict) => !verdict.allowed) ?? { allowed: true };
    },
  };
}
