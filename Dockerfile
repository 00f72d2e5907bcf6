FROM node:20-bookworm-slim AS build
WORKDIR /hub
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
WORKDIR /hub
COPY --from=build /hub/package.json ./
COPY --from=build /hub/node_modules ./node_modules
COPY --from=build /hub/dist ./dist
# A named volume takes over the folder's owner.
RUN mkdir /content && chown node:node /content
USER node
CMD ["node", "--max-semi-space-size=64", "dist/src/api.js"]
