// Written for Nodes far older than ours: it has to run there to say so.
var parts = process.versions.node.split(".").map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error(
    "Drover needs Node 20.19 or newer to set itself up, and this is Node " +
      process.versions.node +
      ". Install a current Node from https://nodejs.org and run the same command again.",
  );
  process.exit(1);
}
