import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkQueue } from "./work-queue.ts";

describe("WorkQueue", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("merges equal keys", async () => {
    const queue = new WorkQueue();
    queue.add("a");
    queue.add("a");
    queue.add("b");
    expect(queue.depth).toBe(2);
    expect(await queue.take()).toBe("a");
    expect(await queue.take()).toBe("b");
  });

  it("never hands a key to two workers, and hands it out again when it was added meanwhile", async () => {
    const queue = new WorkQueue();
    queue.add("a");
    await queue.take();
    queue.add("a");
    queue.add("a");
    let second: string | undefined;
    void queue.take().then((key) => (second = key));
    await vi.advanceTimersByTimeAsync(1000);
    expect(second).toBeUndefined();
    queue.finished("a");
    await vi.advanceTimersByTimeAsync(0);
    expect(second).toBe("a");
    queue.finished("a");
    expect(queue.depth).toBe(0);
  });

  it("adds a delayed key once, at the earliest wish", async () => {
    const queue = new WorkQueue();
    queue.addAfter("a", 1000);
    queue.addAfter("a", 100);
    queue.addAfter("a", 500);
    await vi.advanceTimersByTimeAsync(99);
    expect(queue.depth).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await queue.take()).toBe("a");
    queue.finished("a");
    await vi.advanceTimersByTimeAsync(5000);
    expect(queue.depth).toBe(0);
  });

  it("doubles the pause with each failure, up to the limit, and starts afresh once forgotten", () => {
    const queue = new WorkQueue({ backoff: { baseMs: 100, maxMs: 500 }, random: () => 1 });
    expect([1, 2, 3, 4, 5].map(() => queue.addAfterFailure("a"))).toEqual([
      100, 200, 400, 500, 500,
    ]);
    queue.forget("a");
    expect(queue.addAfterFailure("a")).toBe(100);
  });

  it("waits as long as the server asked, even when the pause would be shorter", () => {
    const queue = new WorkQueue({ backoff: { baseMs: 100, maxMs: 500 } });
    expect(queue.addAfterFailure("a", 3000)).toBe(3000);
  });

  it("ends waiting workers when it is closed", async () => {
    const queue = new WorkQueue();
    const taken = queue.take();
    queue.close();
    queue.add("a");
    expect(await taken).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
  });
});
