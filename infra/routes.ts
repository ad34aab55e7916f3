/** Where Slack sends slash commands, and pressed buttons. */
export const chatRoutes = ['/chat/slack/commands', '/chat/slack/interactions'] as const;
