// Loaded into every supervised process: when the supervisor is killed without a word, the channel to it closes, and
// the process stops as if it had been told to.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
