import { expect, test } from "vitest";
import { parseClusterUrl, pinnedTo, refusalOfAddress } from "./cluster-address.ts";

const strict = { allowLoopback: false };

test.each([
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "fe80::1",
  "fd00:ec2::254",
  "100.100.100.200",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "127.0.0.1",
  "::1",
])("refuses %s", (address) => {
  expect(refusalOfAddress(address, strict)).toBeDefined();
});

test("lets private and public addresses pass, and loopback where the lab is", () => {
  expect(refusalOfAddress("10.0.0.1", strict)).toBeUndefined();
  expect(refusalOfAddress("192.0.2.10", strict)).toBeUndefined();
  expect(refusalOfAddress("127.0.0.1", { allowLoopback: true })).toBeUndefined();
  expect(refusalOfAddress("169.254.169.254", { allowLoopback: true })).toBeDefined();
});

test.each(["http://api.example.com", "https://user:secret@api.example.com", "ftp://x", "x"])(
  "takes no URL like %s",
  (url) => {
    expect(() => parseClusterUrl(url)).toThrow("must look like https://");
  },
);

test("connects to the address that was checked, for the name that was asked for", () => {
  const url = new URL("https://api.example.com:6443");
  const found = { url, hostname: "api.example.com", address: "192.0.2.10", port: 6443 };
  expect(pinnedTo(found)).toEqual({
    url: "https://192.0.2.10:6443",
    serverName: "api.example.com",
  });
});
