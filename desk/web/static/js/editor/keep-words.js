// What a page says of what is typed in it, in one place for every page that keeps drafts.
export const SOON = 800, AGAIN = 3000, HERE = 15000;
const SESSION_ENDED = "Phiên làm việc đã hết. Hãy đăng nhập lại ở một cửa sổ khác; chữ bạn viết vẫn ở đây và trên máy này.";
const NOT_TAKEN = "Máy chủ chưa nhận được bản nháp; sẽ gửi lại. Chữ bạn viết vẫn ở đây và trên máy này.";
const NO_LINE = "Mất kết nối. Chữ bạn viết vẫn ở đây và trên máy này; có mạng lại sẽ tự gửi.";
export const keptAt = (time) => `Đã giữ bản nháp lúc ${time}, chưa lưu vào tệp.`;
export const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });

export function say(text, state = "") {
  const line = document.getElementById("edit-state");
  line.textContent = text;
  line.dataset.state = state;
}

// What the server says to what it is given to keep; nothing where it did not take it, which `lost` is told in words.
export async function answered(sent, lost) {
  try {
    const answer = await sent();
    if (answer.redirected || [401, 403].includes(answer.status)) return lost(SESSION_ENDED);
    return answer.ok ? await answer.json() : lost(NOT_TAKEN);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch says TypeError when nobody answers
    return lost(NO_LINE);
  }
}

export function showOthers({ others, overtaken }) {
  const words = [];
  if (others.length) words.push(`${others.join(", ")} cũng đang mở mục này.`);
  if (overtaken) words.push("Tệp vừa được người khác lưu; khi bạn lưu, Loa gộp hai bản và hỏi bạn ở ô nào cả hai cùng sửa.");
  const line = document.getElementById("edit-others"), text = words.join(" ");
  if (line.textContent !== text) line.textContent = text;
}
