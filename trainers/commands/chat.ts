import { Command } from "commander";

export const chat = new Command("chat")
  .description("continue a conversation with several adapters; prints a JSON line whenever a response grows")
  .argument("<chat.json>", "model, adapters and messages, see docs/run-file.md")
  .action(async (file: string) => {
    const { readChatConfig } = await import("../../common/config-file");
    const config = readChatConfig(file);
    const { chat } = await import("../generate/chat");
    await chat(config);
  });
