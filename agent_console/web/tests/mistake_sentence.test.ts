import { expect, test } from "vitest";
import { sentence } from "@/features/flows/model/sentence";

const mistake = {
  message: "nothing follows when it is true",
  cure: "connect it to a node",
  message_zh: "以下情况之后没有去向：为真",
  cure_zh: "请把它连接到一个节点",
};

test("what is wrong and what to do are one sentence in the console's language", () => {
  expect(sentence(mistake, "en")).toBe("nothing follows when it is true; connect it to a node");
  expect(sentence(mistake, "zh")).toBe("以下情况之后没有去向：为真；请把它连接到一个节点");
});

test("a mistake without a cure has no loose end", () => {
  expect(sentence({ ...mistake, cure: "", cure_zh: "" }, "zh")).toBe("以下情况之后没有去向：为真");
});
